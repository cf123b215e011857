"""HTTP: connections and clients, what each may use, and how an answer is chosen, kept and sent."""
