/* SPDX-License-Identifier: MIT */
/* HTML in which nothing from elsewhere is markup. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "output/html.h"

struct paper {
    FILE *out;
    char *text;
    size_t bytes;
};

static FILE *paper_open(struct paper *paper)
{
    paper->out = open_memstream(&paper->text, &paper->bytes);
    assert_non_null(paper->out);
    return paper->out;
}

static void assert_paper(struct paper *paper, const char *text)
{
    fclose(paper->out);
    assert_string_equal(paper->text, text);
    free(paper->text);
}

static void text_is_never_markup(void **state)
{
    struct paper paper;
    html(paper_open(&paper), "<p title='%s'>%s</p>", "it's \"a\" & b", "<script>%s</script>");
    assert_paper(&paper,
                 "<p title='it&#39;s &quot;a&quot; &amp; b'>&lt;script&gt;%s&lt;/script&gt;</p>");
}

static void percent_signs_and_other_bytes_stand_as_they_are(void **state)
{
    struct paper paper;
    html(paper_open(&paper), "100%% %s\n", "caf\u00e9 \x01 50%");
    assert_paper(&paper, "100% caf\u00e9 \x01 50%\n");
}

static void json_cannot_end_the_script_that_holds_it(void **state)
{
    struct paper paper;
    html_json(paper_open(&paper),
              "{\n  \"a\": \"</script><!-- b  c\",\n    \"d\": [\n    1\n  ]\n}\n");
    assert_paper(&paper, "{\"a\": \"\\u003c/script>\\u003c!-- b  c\",\"d\": [1]}");
}

static void a_table_says_what_it_is(void **state)
{
    static const struct html_column columns[] = {{"A", ""}, {"<B>", "n"}};
    struct paper paper;
    html_table(paper_open(&paper), "All & more", "wide", columns, 2);
    html_table_end(paper.out);
    assert_paper(&paper,
                 "<div class='scroll' role='region' aria-label='All &amp; more' tabindex='0'>\n"
                 "<table class='wide'><caption class='unseen'>All &amp; more</caption><thead><tr>"
                 "<th scope='col' class=''>A</th><th scope='col' class='n'>&lt;B&gt;</th>"
                 "</tr></thead><tbody>\n</tbody></table></div>\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_never_markup),
        cmocka_unit_test(percent_signs_and_other_bytes_stand_as_they_are),
        cmocka_unit_test(json_cannot_end_the_script_that_holds_it),
        cmocka_unit_test(a_table_says_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
