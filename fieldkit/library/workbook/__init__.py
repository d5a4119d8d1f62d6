"""A checklist as a workbook that clerks edit in Excel or WPS, and the way back."""
