/* SPDX-License-Identifier: MIT */
/* page.c - demo.html: the ladders, each message open to its bytes, and the machines. One file, no script, nothing fetched. */
#include "diagram.h"
#include "ladder.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE_ROW = 34 };

static const char *const page_style[] = {
  ":root{color-scheme:light dark;--bg:#fcfbf9;--card:#fff;--text:#1c2129;--muted:#5f6875;--line:#c8cdd5;--edge:#8d96a3;",
  "--soft:#eef0f3;--call:#2254c4;--good:#17744a;--bad:#b4321f;--took:#2254c4;--tint:#e6edfb}",
  "@media(prefers-color-scheme:dark){:root{--bg:#14171c;--card:#1b1f26;--text:#e3e7ed;--muted:#9aa4b2;--line:#414957;",
  "--edge:#6d7888;--soft:#242a33;--call:#82aaff;--good:#62cf95;--bad:#ff8b7c;--took:#82aaff;--tint:#223052}}",
  "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,sans-serif}",
  "main{max-width:1380px;margin:0 auto;padding:28px 24px 80px}h1{font-size:26px;margin:0 0 6px}",
  "h2{font-size:20px;margin:44px 0 2px}h3{font-size:16px;margin:26px 0 8px}p{margin:0 0 14px;max-width:80ch;color:var(--muted)}",
  "nav a{color:var(--call);margin-right:18px;text-decoration:none;white-space:nowrap}nav a:hover{text-decoration:underline}",
  "code,pre,table,.t,.ids,.ms{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}",
  ".ladder{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 14px 12px;overflow-x:auto}",
  ".row,summary.row{display:grid;grid-template-columns:62px var(--w) minmax(340px,1fr);align-items:center;",
  "min-width:calc(var(--w) + 440px)}",
  "summary.row{cursor:pointer;list-style:none;border-radius:4px}summary.row::-webkit-details-marker{display:none}",
  "summary.row:hover{background:var(--soft)}summary.row:focus-visible{outline:2px solid var(--call)}",
  ".ms{color:var(--muted);font-size:11.5px}.t{font-size:12.5px;overflow-wrap:anywhere}",
  ".note .t{font-size:12px;color:var(--muted);font-family:inherit}",
  ".ids{font-size:10.5px;color:var(--muted);display:block;line-height:1.3}.row svg{display:block}.rail{stroke:var(--line)}",
  ".dot{fill:var(--muted)}.arrow{stroke-width:1.7;fill:none}",
  ".what{font:600 11px system-ui,sans-serif;text-anchor:middle;paint-order:stroke;stroke:var(--card);stroke-width:4px}",
  "summary.row:hover .what{stroke:var(--soft)}.call .arrow{stroke:var(--call)}.call .tip,.call .what{fill:var(--call)}",
  ".good .arrow{stroke:var(--good)}.good .tip,.good .what{fill:var(--good)}.bad .arrow{stroke:var(--bad)}",
  ".bad .tip,.bad .what{fill:var(--bad)}.again .arrow{stroke-dasharray:5 3}",
  ".name{font:600 13px system-ui,sans-serif;fill:var(--text);text-anchor:middle}.head{fill:var(--soft);stroke:var(--line)}",
  ".open{margin:2px 0 12px 62px;padding:10px 14px;border-left:3px solid var(--call);background:var(--soft);",
  "border-radius:0 6px 6px 0;min-width:700px}",
  ".open table{border-collapse:collapse;font-size:12px;width:100%}",
  ".open td{padding:1px 14px 1px 0;vertical-align:top;overflow-wrap:anywhere}",
  ".open td:last-child{color:var(--muted);font-size:11px;width:36%}.open td b{font-weight:600}.open .by{font-style:italic}",
  ".open pre{margin:10px 0 0;padding-top:10px;border-top:1px solid var(--line);font-size:12px;white-space:pre-wrap;",
  "overflow-wrap:anywhere}",
  ".open .facts{color:var(--muted);font-size:12px;margin-bottom:8px}",
  "ul.checks{list-style:none;margin:12px 0 0;padding:0;columns:2;column-gap:40px;font-size:14px}",
  "ul.checks li{break-inside:avoid;padding-left:22px;text-indent:-22px}",
  ".yes:before{content:'\\2713\\00a0\\00a0';color:var(--good);font-weight:700}",
  ".no:before{content:'\\2717\\00a0\\00a0';color:var(--bad);font-weight:700}",
  "section.machine{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:0 18px 14px;margin:16px 0}",
  ".wide{overflow-x:auto}svg.machine{display:block;max-width:none}.edge{fill:none;stroke:var(--edge);stroke-width:1.4}",
  ".edge.taken{stroke:var(--took);stroke-width:1.8}.tip{fill:var(--edge)}.tip.taken{fill:var(--took)}.start{fill:var(--took)}",
  ".label rect{fill:var(--card);stroke:var(--edge)}",
  ".label text{font:10.4px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:var(--muted);text-anchor:middle}",
  ".label.taken rect{fill:var(--tint);stroke:var(--took)}.label.taken text{fill:var(--text)}",
  ".state rect{fill:var(--soft);stroke:var(--muted);stroke-width:1.3}",
  ".state text{font:600 13px system-ui,sans-serif;fill:var(--text);text-anchor:middle}.state.taken rect{stroke:var(--took)}",
  ".rows summary{cursor:pointer;color:var(--muted);font-size:13px;margin-top:8px}",
  ".rows table{border-collapse:collapse;font-size:11.5px;margin-top:8px}",
  ".rows th{text-align:left;font-weight:600;color:var(--muted)}",
  ".rows th,.rows td{padding:3px 14px 3px 6px;vertical-align:top;border-bottom:1px solid var(--line)}",
  ".rows td.ids{max-width:330px;display:table-cell}tr.taken{background:var(--tint)}",
};

static void page_text(FILE *f, const char *text) { diagram_escape(f, cpm_str_z(text)); }

/* ---- one line of a ladder ------------------------------------------------------------------------------------------ */

typedef struct page_rails { int x[UA_PARTICIPANTS], width, pitch; } page_rails;

static page_rails page_lay(const ladder_scene *s) {
  page_rails r = { .width = 0 };
  const ua *who;
  unsigned n = 0;
  for (unsigned c = 0; (who = ua_in_column(c)) != NULL; c++) n += ladder_involves(s, who);
  r.pitch = n < 3 ? 180 : n < 5 ? 120 : 84;
  for (unsigned c = 0; (who = ua_in_column(c)) != NULL; c++) {
    if (!ladder_involves(s, who)) continue;
    r.x[c] = r.width + r.pitch / 2;
    r.width += r.pitch;
  }
  return r;
}

static void page_svg(FILE *f, const ladder_scene *s, const page_rails *r, int height) {
  const ua *who;
  fprintf(f, "<svg width=\"%d\" height=\"%d\" aria-hidden=\"true\">", r->width, height);
  for (unsigned c = 0; (who = ua_in_column(c)) != NULL; c++)
    if (ladder_involves(s, who)) fprintf(f, "<path class=\"rail\" d=\"M%d 0V%d\"/>", r->x[c], height);
}

static void page_arrow(FILE *f, const ladder_line *l, const page_rails *r) {
  const int a = r->x[l->from->column], b = r->x[l->to->column], way = b > a ? 1 : -1, y = PAGE_ROW - 10;
  const int end = l->lost ? (a + b) / 2 : b - 7 * way;
  fprintf(f, "<path class=\"arrow\" d=\"M%d %dH%d\"/>", a, y, end);
  if (l->lost) fprintf(f, "<path class=\"arrow\" d=\"M%d %dl12 12m0 -12l-12 12\"/>", end - 6, y - 6);
  else fprintf(f, "<path class=\"tip\" d=\"M%d %dl%d -4v8z\"/>", b, y, -9 * way);
  const size_t n = l->status ? strlen(l->title) : strcspn(l->title, " ");
  fprintf(f, "<text class=\"what\" x=\"%d\" y=\"%d\">", (a + b) / 2, y - 7);
  if (l->status) diagram_escape(f, cpm_str_of(l->title, n > 16 ? 3 : n));
  else diagram_escape(f, cpm_str_of(l->title, n));
  fprintf(f, "</text></svg>");
}

static void page_ids(FILE *f, const char *clauses, unsigned most) {
  unsigned k = 0;
  fputs("<span class=\"ids\">", f);
  for (const char *p = clauses; *p; k++) {
    const size_t len = strcspn(p, " ");
    if (k < most) diagram_escape(f, cpm_str_of(p, len + (p[len] == ' ')));
    p += len + (p[len] == ' ');
  }
  if (k > most) fprintf(f, "and %u more", k - most);
  fputs("</span>", f);
}

static void page_fields(FILE *f, const ladder_line *l) {
  fputs("<table>\n", f);
  for (size_t i = 0; i < l->nfields; i++) {
    const ladder_field *x = &l->fields[i];
    fputs("<tr><td><b>", f);
    page_text(f, x->name);
    fputs("</b>: ", f);
    page_text(f, x->value);
    fputs("</td><td>", f);
    if (x->clauses) page_text(f, x->clauses);
    else fprintf(f, "<span class=\"by\">%s</span>", strncmp(x->name, "P-Asserted", 10) ? "the stack" : "the network");
    fputs("</td></tr>\n", f);
  }
  fprintf(f, "<tr><td><b>Content-Length</b>: %zu</td><td><span class=\"by\">cpm_sip_encode</span></td></tr></table>", l->body.n);
}

static void page_open(FILE *f, const ladder_line *l) {
  fputs("<div class=\"open\"><div class=\"facts\">", f);
  page_text(f, l->path);
  fprintf(f, ", %zu octets%s%s", l->wire.n, l->lost ? ", lost on the way" : "", l->again ? ", sent again" : "");
  if (l->recipe) fprintf(f, "; recipe %s", l->recipe);
  if (l->clauses[0]) fputs("; because of ", f);
  page_text(f, l->clauses);
  fputs("</div>\n", f);
  if (l->nfields) page_fields(f, l);
  if (l->body.n || !l->nfields) {
    fputs("<pre>", f);
    diagram_escape(f, l->nfields ? l->body : l->wire);
    fputs("</pre>", f);
  }
  fputs("</div>\n", f);
}

static void page_message(FILE *f, const ladder_scene *s, const ladder_line *l, const page_rails *r) {
  const char *kind = l->status == 0 ? "call" : l->status < 300 ? "good" : "bad";
  fprintf(f, "<details><summary class=\"row %s%s\">", kind, l->again ? " again" : "");
  fprintf(f, "<span class=\"ms\">%.2f</span>", (double)l->us / 1000.0);
  page_svg(f, s, r, PAGE_ROW);
  page_arrow(f, l, r);
  fputs("<span class=\"t\">", f);
  page_text(f, l->title);
  fputs(l->lost ? " (lost)" : l->again ? " (again)" : "", f);
  page_ids(f, l->clauses, 5);
  fputs("</span></summary>\n", f);
  page_open(f, l);
  fputs("</details>\n", f);
}

static void page_note(FILE *f, const ladder_scene *s, const ladder_line *l, const page_rails *r) {
  fprintf(f, "<div class=\"row note\"><span class=\"ms\">%.2f</span>", (double)l->us / 1000.0);
  page_svg(f, s, r, PAGE_ROW);
  fprintf(f, "<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"4\"/></svg><span class=\"t\">", r->x[l->from->column], PAGE_ROW / 2);
  page_text(f, l->title);
  page_ids(f, l->clauses, 5);
  fputs("</span></div>\n", f);
}

/* ---- a scene ------------------------------------------------------------------------------------------------------- */

static void page_heads(FILE *f, const ladder_scene *s, const page_rails *r) {
  const ua *who;
  fprintf(f, "<div class=\"row\"><span class=\"ms\">ms</span><svg width=\"%d\" height=\"40\">", r->width);
  for (unsigned c = 0; (who = ua_in_column(c)) != NULL; c++)
    if (ladder_involves(s, who))
      fprintf(f, "<path class=\"rail\" d=\"M%d 32v8\"/><rect class=\"head\" x=\"%d\" y=\"6\" width=\"%d\" height=\"26\" rx=\"5\"/>"
                 "<text class=\"name\" x=\"%d\" y=\"23\">%s</text>", r->x[c], r->x[c] - 37, 74, r->x[c], who->name);
  fputs("</svg><span></span></div>\n", f);
}

static void page_scene(FILE *f, const ladder_scene *s, unsigned index) {
  const page_rails r = page_lay(s);
  fprintf(f, "<section><h2 id=\"scene-%u\">", index + 1);
  page_text(f, s->title);
  fputs("</h2>\n<p>", f);
  page_text(f, s->about);
  fprintf(f, "</p>\n<div class=\"ladder\" style=\"--w:%dpx\">\n", r.width);
  page_heads(f, s, &r);
  for (unsigned i = 0; i < s->nlines; i++) {
    if (s->lines[i].to) page_message(f, s, &s->lines[i], &r);
    else page_note(f, s, &s->lines[i], &r);
  }
  fputs("</div>\n<ul class=\"checks\">\n", f);
  for (unsigned i = 0; i < s->nchecks; i++) {
    fprintf(f, "<li class=\"%s\">", s->checks[i].holds ? "yes" : "no");
    page_text(f, s->checks[i].what);
    fputs("</li>\n", f);
  }
  fputs("</ul></section>\n", f);
}

bool page_write(const char *path) {
  FILE *f = fopen(path, "w");
  if (!f) return false;
  fputs("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>cpmkit: what crossed</title>\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<style>", f);
  for (size_t i = 0; i < sizeof page_style / sizeof *page_style; i++) fputs(page_style[i], f);
  fputs("</style></head>\n<body><main>\n", f);
  fputs("<h1>What crossed</h1>\n<p>Real SIP messages over UDP on this machine, written and read by cpmkit. Beside each arrow stand "
        "the requirements behind it. Open a message to see its header fields, each with the requirement that put it there, and its "
        "body.</p>\n<nav>", f);
  for (unsigned i = 0; i < ladder_nscenes; i++) {
    fprintf(f, "<a href=\"#scene-%u\">", i + 1);
    page_text(f, ladder_scenes[i].title);
    fputs("</a> ", f);
  }
  fputs("<a href=\"#machines\">The machines</a></nav>\n", f);
  for (unsigned i = 0; i < ladder_nscenes; i++) page_scene(f, &ladder_scenes[i], i);
  fputs("<h2 id=\"machines\">The machines</h2>\n<p>Drawn from the tables that ran. What these scenes took is blue; a label names "
        "the event, and the facts that its row asks for or how many rows it has.</p>\n", f);
  diagram_write(f);
  fputs("</main></body></html>\n", f);
  const bool whole = !ferror(f);
  return fclose(f) == 0 && whole;
}
