"""What pages and results become to be taken along: CSV, XLSX, JSON and PDF; values go in, bytes come out."""
