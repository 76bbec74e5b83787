-- SPDX-License-Identifier: MIT
-- The last 50 runs, newest first. When, of which commit, what was asked, what it came to.
SELECT 'r' || run AS run,
       substr(replace(started, 'T', ' '), 1, 16) AS started,
       revision,
       plays,
       recoveries,
       violations,
       iif(complete, 'yes', 'no') AS complete,
       round(milliseconds / 1000.0, 1) AS seconds,
       outcome,
       command
FROM v_run
ORDER BY v_run.run DESC
LIMIT 50;
