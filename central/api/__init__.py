"""HTTP shells around `handle.Headquarters`: two listeners, TLS, OpenAPI. Decides nothing."""
