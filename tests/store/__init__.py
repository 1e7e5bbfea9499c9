"""The notebook: what is durable, what is sealed, what is gone."""
