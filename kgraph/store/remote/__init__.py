"""A store that is another server's: quads behind the endpoints of a SPARQL 1.1 protocol service."""
