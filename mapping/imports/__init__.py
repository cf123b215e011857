"""Data that others have published, taken in: parsed in a limited process, mapped by rules that are files, judged.

    kommungraf/   another Kommungraf's N-Quads: identities and graphs stay as they are (dump.py)
    lblod/*.rq    Besluit and Mandaat of Flanders: SPARQL CONSTRUCT, one file for each kind of thing
    oparl/*.rq    OParl 1.1 of German councils: context.json makes RDF of the JSON, and names all that is kept

A rule mints the IRI of a thing from the IRI it has at its source, and says with prov:wasDerivedFrom which that is.
What a rule cannot map without a guess it leaves; it stays in the graph of the original.
"""
