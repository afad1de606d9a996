// SPDX-License-Identifier: MIT
/* The page around the report: style sheet and script, so that one file is everything. */
#include "report/html.h"

static const char style[] =
	":root{color-scheme:light dark;--ink:#222;--soft:#595959;--line:#d8d8d8;--blue:#0072B2;--red:#b34700;--green:#00694c;"
	"--doubt:#8a5a00;--page:#fff;--head:#f3f3f3;--box:#f3f7fa;--alarm:#fdf3ec}\n"
	"@media screen and (prefers-color-scheme:dark){:root{--ink:#ddd;--soft:#a8a8a8;--line:#444;--blue:#6cb8e6;--red:#f08a4b;"
	"--green:#4cc39f;--doubt:#e0b050;--page:#1b1b1b;--head:#2a2a2a;--box:#222a30;--alarm:#33251c}figure{background:#fff}}\n"
	"body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:1120px;margin:0 auto;padding:1em}\n"
	"h1{margin:.2em 0}h2{margin:2em 0 .4em;border-bottom:2px solid var(--blue)}h3{margin:1.4em 0 .3em}\n"
	"nav a{margin-right:1em}a{color:var(--blue)}.soft{color:var(--soft)}\n"
	".box{border-left:6px solid var(--blue);background:var(--box);padding:.6em 1em;margin:1em 0}\n"
	".box.alarm{border-color:var(--red);background:var(--alarm)}\n"
	".wide{overflow:auto;max-height:85vh}table{border-collapse:collapse;font-size:13px;margin:.5em 0}\n"
	"th,td{padding:.25em .6em;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}\n"
	"th{background:var(--head);position:sticky;top:0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	"tbody tr:hover{background:var(--box)}td:first-child{white-space:nowrap}.long td{white-space:normal;overflow-wrap:anywhere}.long td:first-child{min-width:21em}td:last-child{overflow-wrap:anywhere;min-width:14em}#benchmarks td:nth-child(2),#dearest td:nth-child(2),td .quiet,td .good,td .bad,td .doubt{white-space:nowrap}#kinds{font-size:15px}#kinds td:first-child,#kinds th{white-space:normal}#kinds td .soft{white-space:nowrap}\n"
	"th button{font:inherit;font-weight:bold;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}\n"
	"th[aria-sort=ascending] button::after{content:' \\25B2'}th[aria-sort=descending] button::after{content:' \\25BC'}\n"
	".good{color:var(--green)}.bad{color:var(--red);font-weight:bold}.doubt{color:var(--doubt)}.quiet{color:var(--soft)}\n"
	".controls{margin:.5em 0}.controls input,.controls select{font:inherit;padding:.2em .4em;margin-right:1em}\n"
	"figure{margin:1em 0;overflow-x:auto}figure svg{width:100%;min-width:660px;height:auto;display:block}\n"
	"summary{cursor:pointer;font-weight:bold;margin:.6em 0}code{font-size:13px;overflow-wrap:anywhere}\n"
	"@media print{nav,.controls{display:none}body{max-width:none;font-size:11px}figure,tr{break-inside:avoid}\n"
	"table{font-size:9px}#kinds{font-size:11px}h3+p{break-after:avoid}th,td{padding:.15em .4em}figure svg{min-width:0;max-height:95vh}\n"
	"th{position:static}th button{display:contents}.wide{overflow:visible;max-height:none}h2,h3,summary{break-after:avoid}}\n";

/*
 * Sorting and filtering, for tables of class data: without this the page has all the same content. Headers
 * become buttons; numbers sort by data-v, cells without one last. Printing opens what is closed, but for details of
 * class bulk: thousands of rows are printed only where the reader opened them.
 */
static const char script[] =
	"'use strict';\n"
	"document.querySelectorAll('table.data').forEach(function(table){\n"
	" var body=table.tBodies[0],rows=Array.from(body.rows);\n"
	" if(rows.length<2)return;\n"
	" Array.from(table.tHead.rows[0].cells).forEach(function(th,column){\n"
	"  var button=document.createElement('button');button.type='button';\n"
	"  while(th.firstChild)button.appendChild(th.firstChild);th.appendChild(button);\n"
	"  button.addEventListener('click',function(){\n"
	"   var down=th.getAttribute('aria-sort')==='ascending',number=th.classList.contains('n');\n"
	"   table.querySelectorAll('th').forEach(function(other){other.removeAttribute('aria-sort');});\n"
	"   th.setAttribute('aria-sort',down?'descending':'ascending');\n"
	"   rows.sort(function(a,b){\n"
	"    var x=a.cells[column],y=b.cells[column],order;\n"
	"    if(number){var p='v' in x.dataset,q='v' in y.dataset;\n"
	"     if(!p||!q)return (p?0:1)-(q?0:1);\n"
	"     order=Number(x.dataset.v)-Number(y.dataset.v);}\n"
	"    else order=x.textContent.localeCompare(y.textContent);\n"
	"    return down?-order:order;});\n"
	"   rows.forEach(function(row){body.appendChild(row);});});});\n"
	" if(rows.length<16)return;\n"
	" var controls=document.createElement('div');controls.className='controls';\n"
	" var input=document.createElement('input');input.type='search';\n"
	" input.placeholder=table.tHead.textContent.startsWith('benchmark')?'filter: pio/ user':'filter';\n"
	" input.setAttribute('aria-label','filter rows');\n"
	" var count=document.createElement('span');count.className='soft';\n"
	" count.setAttribute('role','status');controls.append(input,count);\n"
	" table.parentNode.parentNode.insertBefore(controls,table.parentNode);\n"
	" function show(){var words=input.value.toLowerCase().split(/\\s+/).filter(Boolean),shown=0;\n"
	"  rows.forEach(function(row){var text=row.textContent.toLowerCase();\n"
	"   row.hidden=!words.every(function(word){return text.includes(word);});if(!row.hidden)shown++;});\n"
	"  count.textContent=shown+' of '+rows.length+' rows';}\n"
	" input.addEventListener('input',show);show();});\n"
	"window.addEventListener('beforeprint',function(){\n"
	" document.querySelectorAll('details:not(.bulk)').forEach(function(d){d.open=true;});});\n";

void html__page_begin(struct text *t, const char *title)
{
	text__puts(t,
		"<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>\n"
		"<meta http-equiv=Content-Security-Policy content=\"default-src 'none';style-src 'unsafe-inline';"
		"script-src 'unsafe-inline';img-src data:\">\n"
		"<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		/* No request leaves the page, not even for an icon. */
		"<link rel=icon href=\"data:,\">\n<title>");
	html__text(t, title);
	text__puts(t, "</title>\n<style>\n");
	text__puts(t, style);
	text__puts(t, "</style></head><body><main>\n");
}

void html__page_end(struct text *t)
{
	text__puts(t, "</main>\n<script>\n");
	text__puts(t, script);
	text__puts(t, "</script>\n</body></html>\n");
}
