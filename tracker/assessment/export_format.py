"""What a cohort's results can be had as."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """The format of a file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"
