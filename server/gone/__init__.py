"""What is told at an IRI whose thing was withdrawn, erased or renamed, or vanished with its documents."""
