package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A contact's numbers stand beside what they are to conversations and consents, and
// each consent, here and in the export, says of which it is.
func TestConsentsAPI(t *testing.T) {
	t.Parallel()
	l := newLiveAPI(t)
	owner := l.setup()
	made := l.must(201, owner, "POST", "/contacts", `{"name":"Ada","phones":["+44 7700 900123","+44 (0)7700 900456"]}`)
	path := fmt.Sprintf("/contacts/%v", made.body["id"])
	unsaid := func(phone, number string) map[string]any {
		return map[string]any{"phone": phone, "number": number, "opted_out_at": nil, "unreachable_at": nil, "unreachable_reason": ""}
	}
	first, second := unsaid("+44 7700 900123", "+447700900123"), unsaid("+44 (0)7700 900456", "+447700900456")
	if diff := cmp.Diff([]any{first, second}, made.body["phone_states"]); diff != "" {
		t.Error(diff)
	}
	out := l.must(200, owner, "POST", path+"/opt-out", `{"phone":"+44 (0)7700 900456","evidence":"=On the phone"}`)
	at0, at1 := at(t, out.body, "phone_states", 0, "opted_out_at"), at(t, out.body, "phone_states", 1, "opted_out_at")
	if at0 != nil || at1 == nil {
		t.Errorf("the numbers stand as %s", out.text)
	}
	ledger := l.must(200, owner, "GET", "/consents?phone=%2B44%20(0)7700%20900456", "")
	entry := at(t, ledger.body, "items", 0).(map[string]any)
	if entry["phone"] != "+447700900456" || entry["user_id"] != 1.0 || entry["evidence"] != "=On the phone" {
		t.Errorf("the ledger says %s", ledger.text)
	}
	if none := l.must(200, owner, "GET", "/consents?phone=%2B447700900123", ""); len(at(t, none.body, "items").([]any)) != 0 {
		t.Errorf("the ledger says %s", none.text)
	}
	export := l.must(200, owner, "GET", "/consents.csv", "")
	row := fmt.Sprintf(",+447700900456,%v,opted_out,manual,1,,,'=On the phone\n", made.body["id"])
	if !strings.HasPrefix(export.text, "id,at,phone,contact_id,") || !strings.HasSuffix(export.text, row) {
		t.Errorf("the export is %q", export.text)
	}
	none := l.must(201, owner, "POST", "/contacts", `{"name":"Bob"}`)
	if diff := cmp.Diff([]any{}, none.body["phone_states"]); diff != "" {
		t.Error(diff)
	}
	agent, _ := l.user(owner, "light_agent", "ann@harbour.example")
	wantProblem(t, l.call(agent, "GET", "/consents.csv", ""), 403, "role.not_allowed")
}
