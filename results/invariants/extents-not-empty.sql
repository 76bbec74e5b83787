-- SPDX-License-Identifier: MIT
-- An extent has at least one page.
-- Against what is left of an extent that was cut to nothing: a search that lands on it finds no page.
SELECT page, length, block
FROM extent
WHERE length < 1;
