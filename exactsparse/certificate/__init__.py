"""What a proof says and how it is written: the format that ``exactsparse_check`` reads."""

from exactsparse.certificate.certificate import Certificate, certify

__all__ = ["Certificate", "certify"]
