"""How complete and how right the published data is, at /datasets/quality."""
