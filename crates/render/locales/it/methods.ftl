# Metodi di pagamento
nav-methods = Metodi di pagamento
methods-title = Metodi di pagamento
methods-lead = Con questi metodi rinnoviamo da soli le caselle che hanno il rinnovo automatico. Il numero intero della carta non passa mai da noi.
methods-preferred = Predefinito
methods-expired = Scaduta
methods-expires = Valida fino al { $day }
methods-no-expiry = Senza scadenza
methods-renews = { $count ->
    [one] Rinnova da sola questa casella:
   *[other] Rinnovano da sole queste { $count } caselle:
}
methods-renews-none = Nessuna casella si rinnova con questo metodo.
methods-service-end = scade il { $day }
methods-replace = Sostituisci con una carta
methods-replace-paypal = Sostituisci con PayPal
methods-prefer = Rendi predefinito
methods-remove = Rimuovi
methods-keep = Tieni il metodo
methods-back = Torna ai metodi di pagamento
methods-none = Non hai metodi salvati
methods-none-text = Quando paghi con carta o PayPal il metodo resta qui per i rinnovi.
methods-add = Aggiungi un metodo
methods-add-text = Salvarlo non costa nulla. La banca può chiederti di confermare che sei tu.
methods-add-card = Aggiungi una carta
methods-add-paypal = Aggiungi PayPal
methods-store = Salva la carta
methods-added = Metodo salvato.
methods-preferred-now = È il metodo predefinito.
methods-removed = Metodo rimosso.
methods-setup-failed = Il metodo non è stato salvato. Non è cambiato nulla: riprova, anche con un’altra carta.
methods-remove-title = Rimuovi il metodo
methods-remove-ask = Rimuovere { $method }?
methods-remove-warning = { $count ->
    [one] Il rinnovo automatico di questa casella si spegne.
   *[other] Il rinnovo automatico di queste { $count } caselle si spegne.
}
methods-remove-warning-text = Non scadono subito, ma non si rinnovano più da sole. Per tenerlo acceso sostituisci il metodo invece di rimuoverlo.
methods-remove-unused = Nessuna casella si rinnova con questo metodo.
methods-setup-title = Salviamo il metodo
methods-setup-text = Aspettiamo la conferma. Di solito basta qualche secondo.
methods-setup-unfinished = Manca la tua conferma
methods-setup-unfinished-text = Il metodo non è ancora salvato.
mail-method_changed-subject-added = Nuovo metodo di pagamento: { $method }
mail-method_changed-subject-replaced = Metodo di pagamento sostituito: { $method }
mail-method_changed-subject-removed = Metodo di pagamento rimosso: { $method }
mail-method_changed-title-added = Hai aggiunto un metodo di pagamento
mail-method_changed-title-replaced = Hai sostituito un metodo di pagamento
mail-method_changed-title-removed = Hai rimosso un metodo di pagamento
mail-method_changed-lead-added = Abbiamo salvato { $method } tra i tuoi metodi di pagamento.
mail-method_changed-lead-replaced = Da ora usiamo { $method } al posto del metodo di prima.
mail-method_changed-lead-removed = Non usiamo più { $method }.
mail-method_changed-before = Prima
mail-method_changed-now = Ora
mail-method_changed-services-added = { $count ->
    [one] Si rinnova con questo metodo:
   *[other] Si rinnovano con questo metodo:
}
mail-method_changed-services-replaced = { $count ->
    [one] Questa casella ora si rinnova con il nuovo metodo:
   *[other] Queste caselle ora si rinnovano con il nuovo metodo:
}
mail-method_changed-services-removed = { $count ->
    [one] Il rinnovo automatico di questa casella è spento. Rinnovala prima della scadenza:
   *[other] Il rinnovo automatico di queste caselle è spento. Rinnovale prima della scadenza:
}
mail-method_changed-button = Vedi i metodi di pagamento
mail-method_changed-not-you = Non sei stato tu? Cambia la password e scrivi all’assistenza.
