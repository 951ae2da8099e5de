-- News of lost places.
ALTER TABLE delivery DROP CONSTRAINT delivery_news;
ALTER TABLE delivery ADD CONSTRAINT delivery_news CHECK (
  news IN ('moved', 'cancelled', 'back_on', 'promoted', 'offered', 'unseated', 'too_few', 'told',
    'reminder'));
