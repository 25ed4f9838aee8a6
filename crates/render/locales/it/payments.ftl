# Pagamenti: mail e pagine di attesa.
mail-payment-amount = Importo
mail-payment-due = Prezzo dell’ordine
mail-payment_credited-subject-surplus = Pagamento dell’ordine { $number }: una parte è diventata credito
mail-payment_credited-title-surplus = Hai pagato più del dovuto
mail-payment_credited-surplus = L’ordine { $number } è pagato. La parte in più è un tuo credito, da usare entro 12 mesi.
mail-payment_credited-subject-shortfall = L’ordine { $number } non è ancora pagato
mail-payment_credited-title-shortfall = L’importo ricevuto non basta
mail-payment_credited-shortfall = Per l’ordine { $number } è arrivato meno del dovuto. L’importo è un tuo credito, da usare entro 12 mesi; l’ordine aspetta ancora il pagamento.
mail-payment_credited-subject-twice = L’ordine { $number } era già pagato: ti restituiamo il secondo pagamento
mail-payment_credited-title-twice = Hai pagato due volte
mail-payment_credited-twice = L’ordine { $number } era già pagato. Il secondo pagamento torna sul mezzo usato, di solito entro pochi giorni.
mail-payment_returned-subject = Ordine { $number }: pagamento restituito
mail-payment_returned-title = Ti abbiamo restituito un pagamento
mail-payment_returned-lead = Abbiamo restituito un pagamento dell’ordine { $number }. La banca lo mostra di solito entro pochi giorni.
