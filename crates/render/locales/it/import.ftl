# The rows of an order out of a CSV file.
names-import = Hai un elenco? Carica un file CSV
import-title = Carica un elenco
import-lead = Un file CSV con una riga per casella: nomi, titolari ed e-mail in una volta sola. Il numero di righe diventa il numero di caselle dell’ordine.
import-template = Scarica il modello (CSV)
import-columns = Colonne
import-columns-text = Servono nome, dominio ed email. Le altre colonne dicono di chi è la casella: se restano vuote è dell’intestatario dell’account.
import-holders = Con il codice fiscale o la partita IVA di un profilo della rubrica la casella va a quel profilo. Chi è nuovo si aggiunge alla rubrica: scrivi tipo_titolare, nome e cognome, codice fiscale, indirizzo e cellulare; per le organizzazioni anche ragione sociale e partita IVA, con nome e cognome di chi le rappresenta.
import-organisations = codice_fiscale è quello di 11 cifre dell’organizzazione, e allora quello di chi la rappresenta va in codice_fiscale_rappresentante; un’azienda può scrivere anche solo quest’ultimo. Chi non ha partita IVA scrive «senza». codice_destinatario vale anche come codice univoco ufficio; se mancano codice e pec_fatture, le fatture vanno alla casella della riga.
import-rules = Separatore «;» oppure «,», UTF-8 oppure Windows, al massimo { $rows } righe e { $kib } kB. Se una riga è sbagliata non si salva nulla.
import-file = File CSV
import-file-send = Carica il file
import-or = Oppure incolla le righe
import-lines = Righe
import-lines-hint = La prima riga ha i nomi delle colonne.
import-send = Usa queste righe
import-back = Torna ai nomi
import-faults-title = Che cosa correggere
import-line = Riga
import-column = Colonna
import-value = Scritto
import-problem = Che cosa non va
import-empty-cell = (vuoto)
import-done = { $count ->
    [one] 1 casella presa dall’elenco.
   *[other] { $count } caselle prese dall’elenco.
}
problem-import-faults = { $count ->
    [one] Una cella è da correggere. Non abbiamo salvato nulla.
   *[other] { $count } celle sono da correggere. Non abbiamo salvato nulla.
}
problem-import-too-large = Il file supera { $kib } kB.
problem-import-not-text = Questo non è un file CSV. Nel foglio di calcolo scegli «Salva come» e poi CSV.
problem-import-empty = L’elenco è vuoto: servono i nomi delle colonne e almeno una riga.
problem-import-column-unknown = La colonna «{ $column }» non è tra quelle del modello.
problem-import-column-twice = La colonna «{ $column }» compare due volte.
problem-import-column-missing = Manca la colonna «{ $column }».
problem-import-too-many = L’elenco ha più di { $max } righe.
problem-import-cells = La riga { $line } ha più celle delle colonne.
problem-import-file-missing = Scegli un file.
problem-import-formula = La cella sembra una formula: scrivi solo testo.
problem-import-name-taken = { $address } è già occupata. Scrivi un altro nome.
problem-import-name-repeated = È uguale alla riga { $line }. Scrivi un altro nome.
problem-import-kind = Scrivi persona fisica, azienda, libero professionista, ditta individuale, ente no profit, ente pubblico o altro.
problem-import-kind-needed = Questo numero non è nella rubrica. Scrivi il tipo: azienda, libero professionista, ditta individuale, ente no profit, ente pubblico o altro.
problem-import-person-vat = Una persona fisica non ha partita IVA. Lascia vuota la cella, o scrivi libero professionista o ditta individuale come tipo.
problem-import-vat-missing = Scrivi la partita IVA di 11 cifre, o «senza» se non c’è.
