"""打印口: the A4 printer, spoken to in IPP (RFC 8010, RFC 8011)."""
