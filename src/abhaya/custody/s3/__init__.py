"""The vault's sealed originals in an S3-compatible store: `signing` the arithmetic, `client` the requests, `store` the rest."""
