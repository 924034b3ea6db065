"""Other information that a delivery needs (promise A11): fields that a tenant declares."""
