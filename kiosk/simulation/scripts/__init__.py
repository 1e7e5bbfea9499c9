"""The straight visit of every service, as tables of expected page -> what a person does there."""
