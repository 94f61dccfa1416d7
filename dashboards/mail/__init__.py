"""Reports by e-mail: who gets them, what stands in them, how they are sent once."""
