"""What runs queries apart from the web process: a pool of processes, and what goes on inside one."""
