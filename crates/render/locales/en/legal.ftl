# Legal texts of the shop. A provider lays its own over these.

legal-accessibility-title = Accessibility statement
legal-accessibility-lead = This site follows WCAG 2.2, level AA.
legal-accessibility-1 = How it is checked
legal-accessibility-1-text = Each page is checked with automatic tools in Italian and English, at several widths, and tried with the keyboard alone.
legal-accessibility-2 = Without scripts
legal-accessibility-2-text = Everything works when scripts are off.
legal-accessibility-3 = Known limits
legal-accessibility-3-text = Payment pages of other companies follow their own statement.
legal-accessibility-4 = Reports
legal-accessibility-4-text = If something cannot be used, write to support: we answer within 30 days.

legal-version = Version { $version }, in force since { $day }
legal-not-in-force = This version is no longer in force. It still holds for those who accepted it.
legal-versions = All versions
legal-version-since = Since { $day }
legal-language-it = Italian
legal-language-en = English
legal-here = (this one)
legal-proof = Fingerprint of the text
legal-proof-text = An order keeps the version that was accepted and its SHA-256 fingerprint. It is that of the text file below.
legal-download = Download the text (TXT)
