# Legal texts of the shop. A provider lays its own over these.

legal-accessibility-title = Dichiarazione di accessibilità
legal-accessibility-lead = Questo sito segue le regole WCAG 2.2, livello AA.
legal-accessibility-1 = Come è verificato
legal-accessibility-1-text = Ogni pagina è controllata con strumenti automatici in italiano e in inglese, a più larghezze, e provata con la sola tastiera.
legal-accessibility-2 = Senza script
legal-accessibility-2-text = Tutte le operazioni funzionano anche quando gli script non sono attivi.
legal-accessibility-3 = Limiti noti
legal-accessibility-3-text = Le pagine di pagamento di altre società seguono la loro dichiarazione.
legal-accessibility-4 = Segnalazioni
legal-accessibility-4-text = Se qualcosa non si riesce a usare, scrivi all’assistenza: rispondiamo entro 30 giorni.

legal-version = Versione { $version }, in vigore dal { $day }
legal-not-in-force = Questa versione non è più in vigore. Vale ancora per chi l’ha accettata.
legal-versions = Tutte le versioni
legal-version-since = Dal { $day }
legal-language-it = italiano
legal-language-en = inglese
legal-here = (questa)
legal-proof = Impronta del testo
legal-proof-text = Un ordine conserva la versione accettata e la sua impronta SHA-256. È quella del file di testo qui sotto.
legal-download = Scarica il testo (TXT)
