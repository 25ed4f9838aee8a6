# Pagine della dimostrazione.
demo-home-title = Dimostrazione
demo-home-lead = Prova il prodotto con clienti inventati. Niente di ciò che fai costa denaro o arriva a qualcuno.
demo-home-roles = Chi puoi essere
demo-home-role = Ruolo
demo-home-user = Nome utente
demo-home-password = Password
demo-home-enter = Ingresso
demo-home-sign-in = Accedi
demo-home-no-roles = Non ci sono utenti di prova in questi dati.
demo-home-mail = Le caselle in un programma di posta
demo-home-mail-lead = Le caselle che acquisti sono vere caselle su questo computer. Nome utente: l’indirizzo della casella. Il certificato è firmato in proprio: il programma chiederà conferma.
demo-home-mail-missing = Su questo computer mancano Dovecot e Postfix: le caselle si acquistano e si attivano, ma non si aprono con un programma di posta.
demo-home-tools = Da vedere
demo-role-person = Persona fisica, con caselle attive
demo-role-company = Azienda, con un ordine da pagare
demo-role-new = Cliente appena registrato, senza acquisti
demo-role-body = Segreteria di un Ordine, con le caselle degli iscritti
demo-role-operator = Operatore del gestore
demo-messages-title = Messaggi inviati
demo-messages-lead = E-mail e SMS che il gestore avrebbe spedito, dal più recente.
demo-messages-none = Nessun messaggio, per ora
demo-messages-none-why = Registrati o acquista una casella: le conferme compaiono qui.
demo-messages-none-do = Vai alle caselle PEC
demo-messages-sms = SMS
demo-messages-to = A
demo-messages-older = { $count ->
    [one] C’è un altro messaggio meno recente.
   *[other] Ci sono altri { $count } messaggi meno recenti.
}
demo-messages-all = Tutti i messaggi (JSON)
demo-clock-title = Sposta la data
demo-clock-now = Per la dimostrazione adesso è
demo-clock-lead = La data va solo avanti. Promemoria, scadenze e rinnovi che cadono nel frattempo avvengono subito.
demo-clock-by = Di quanto
demo-clock-days = { $count ->
    [one] 1 giorno
   *[other] { $count } giorni
}
demo-clock-go = Sposta la data
demo-clock-moved = Data spostata: adesso è { $now }.
problem-demo-period = Scegli di quanto spostare la data: da 1 a 3660 giorni, per esempio P30D.
demo-operator = Il codice dell’operatore
demo-operator-lead = Un operatore vero legge il secondo codice nell’app di autenticazione. Qui, adesso, è:
demo-operator-again = Mostra il prossimo codice
demo-role-member = Titolare di una casella in convenzione
