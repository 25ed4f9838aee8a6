-- Records are found by any of their tax numbers when a username is recovered.
CREATE INDEX parties_fiscal_code ON parties (fiscal_code) WHERE fiscal_code IS NOT NULL;
CREATE INDEX parties_vat_number ON parties (vat_number) WHERE vat_number IS NOT NULL;
