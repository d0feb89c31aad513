"""What an auditor asks for, as one JSON and one page to print."""
