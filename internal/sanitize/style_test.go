package sanitize

import (
	"strings"
	"testing"
)

func TestCleanDeclarations(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                     "",
		"color:red":            "color: red",
		" COLOR : Red ; ":      "color: Red",
		"color:#FFF!important": "color: #fff !important",
		`font:12px/1.5 "Segoe UI",Arial,sans-serif`:   "font: 12px/1.5 'Segoe UI',Arial,sans-serif",
		"border-top:solid #E1E1E1 1.0pt":              "border-top: solid #e1e1e1 1.0pt",
		"width:calc(100% - 2px)":                      "width: calc(100% - 2px)",
		"background:linear-gradient(90deg,#fff,#000)": "background: linear-gradient(90deg,#fff,#000)",
		"font-family:Überschrift,'Café 2'":            "font-family: Überschrift,'Café 2'",
		"color:red;;;width:1px":                       "color: red; width: 1px",
		"color:red;bad;width:1px":                     "color: red; width: 1px",
		"margin:0 -1px":                               "",
		"margin-left:calc(0px - 9px)":                 "",
		"margin:0 auto":                               "margin: 0 auto",
		"padding:-1px":                                "padding: -1px", // browsers refuse it themselves
		"position:fixed":                              "",
		"position:absolute;top:0;color:red":           "color: red",
		"z-index:9;transform:scale(9)":                "",
		"background:url(http://x.test/a.png)":         "",
		"background:url('http://x.test/a.png')":       "",
		`background:u\72l(http://x.test)`:             "",
		`background:\75 rl(http://x.test)`:            "",
		"background:image-set('http://x.test' 1x)":    "",
		"list-style:url(x) disc":                      "",
		"width:expression(alert(1))":                  "",
		`width:exp\72 ession(alert(1))`:               "",
		"width:exp/**/ression(alert(1))":              "",
		"-moz-binding:url(x)":                         "",
		"behavior:url(x)":                             "",
		"content:'x'":                                 "",
		`font-family:"</style><script>"`:              "",
		`font-family:'a"b'`:                           "",
		`color:red;font-family:"open`:                 "color: red",
		"color:red}p{color:blue":                      "",
		"color:red/*;width:1px*/;height:2px":          "color: red; height: 2px",
		"color:red/*":                                 "color: red",
		"c\\6f lor:red":                               "color: red",
		"width:1px/**/2px":                            "width: 1px 2px",
		"width:calc(1px/**/*/**/2)":                   "width: calc(1px*2)",
		"width:calc(1px / /**/ * 2)":                  "width: calc(1px / * 2)",
		"color:((((":                                  "",
		"color:rgb(1,2,3":                             "",
		"*zoom:1;_height:1px;color:red":               "color: red",
		"@import 'x';color:red":                       "color: red",
		"color:" + strings.Repeat("red ", 300):        "",
	} {
		if got := cleanDeclarations(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestCleanSheet(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                   "",
		"p{color:red}":                       "p{color: red}\n",
		"p{}":                                "",
		"p{position:fixed}":                  "",
		".a .b>c,d:hover{color:red}":         ".a .b>c,d:hover{color: red}\n",
		"td:nth-child(2n+1){color:red}":      "td:nth-child(2n+1){color: red}\n",
		"a[href='x'],b[c~=d]{color:red}":     "a[href=\"x\"],b[c~=d]{color: red}\n",
		"#x::first-line{color:red}":          "#x::first-line{color: red}\n",
		"<!-- p{color:red} -->":              "p{color: red}\n",
		"@import 'x';p{color:red}":           "p{color: red}\n",
		"@\\69mport 'x';p{color:red}":        "p{color: red}\n",
		"@font-face{src:url(x)}p{color:red}": "p{color: red}\n",
		"@media screen and (max-width:600px){p{color:red}a{x:y}}q{color:blue}": "@media screen and (max-width:600px){\np{color: red}\n}\nq{color: blue}\n",
		"@media screen{@media print{p{color:red}}}":                            "@media screen{\n@media print{\np{color: red}\n}\n}\n",
		"@media (prefers-color-scheme:dark){p{color:#fff}}":                    "",
		"@media screen;p{color:red}":                                           "p{color: red}\n",
		"@supports (x:y){p{color:red}}q{color:blue}":                           "q{color: blue}\n",
		"p{color:red":                              "p{color: red}\n",
		"p{color:red}}q{color:blue}":               "p{color: red}\nq{color: blue}\n",
		`o\:p{color:red}.u-\.5{color:red}`:         "",
		"</style><script>{color:red}p{color:blue}": "p{color: blue}\n",
		"p{a{color:red};color:blue}":               "p{color: blue}\n",
		"a/**/b{color:red}":                        "",
		"p,{color:red}":                            "p,{color: red}\n", // void, as it was
		"p{color:red}" + strings.Repeat("q{", 10):  "p{color: red}\n",
	} {
		if got := cleanSheet(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if n := strings.Count(cleanSheet(strings.Repeat("p{color:red}", 2*maxRules)), "\n"); n != maxRules {
		t.Errorf("%d rules are kept, want %d", n, maxRules)
	}
}
