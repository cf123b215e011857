"""What documents say: bytes -> text with positions -> structure -> frozen records -> triples."""
