-- The language that each of our people reads in.

ALTER TABLE app_user ADD COLUMN language TEXT;

COMMENT ON COLUMN app_user.language IS 'The language that the user reads pages in, a tag such as es. Set by the user. NULL leaves it to the browser.';
