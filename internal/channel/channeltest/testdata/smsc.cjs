// A message centre by node-smpp, which none of us wrote. It says on standard output
// what it sees, a line of JSON each, and does what it is told on standard input.
const smpp = require("smpp");
const readline = require("node:readline");

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const bound = new Set();
let count = 0;

const server = smpp.createServer((session) => {
  session.on("error", () => {});
  session.on("bind_transceiver", (pdu) => {
    if (pdu.system_id !== "parley" || pdu.password !== "secret") {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return;
    }
    bound.add(session);
    session.send(pdu.response({ system_id: "node" }));
    say({ bound: pdu.interface_version });
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("close", () => bound.delete(session));
  session.on("unbind", (pdu) => {
    bound.delete(session);
    session.send(pdu.response());
    session.close();
    say({ unbound: true });
  });
  session.on("submit_sm", (pdu) => {
    if (pdu.destination_addr === "14155550199") {
      session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
      return;
    }
    count += 1;
    const id = `n${count}`;
    session.send(pdu.response({ message_id: id }));
    const { udh, message } = pdu.short_message;
    say({
      from: pdu.source_addr,
      to: pdu.destination_addr,
      text: message,
      udh: udh ? Buffer.concat(udh).toString("hex") : "",
      receipt: pdu.registered_delivery,
    });
    session.deliver_sm({
      source_addr: pdu.destination_addr,
      source_addr_ton: 1,
      destination_addr: pdu.source_addr,
      esm_class: 4,
      short_message: { message: `id:${id} sub:001 dlvrd:001 submit date:2601050900 done date:2601050901 stat:DELIVRD err:000 text:` },
      receipted_message_id: id,
      message_state: 2,
    });
  });
});

server.listen(0, "127.0.0.1", () => say({ port: server.address().port }));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const told = JSON.parse(line);
  const pdu = { source_addr: told.from, source_addr_ton: 1, destination_addr: told.to };
  if (told.payload) {
    pdu.message_payload = { message: told.text };
  } else {
    pdu.short_message = { message: told.text };
    if (told.udh) {
      pdu.short_message.udh = Buffer.from(told.udh, "hex");
      pdu.esm_class = 0x40;
    }
  }
  [...bound].at(-1).deliver_sm(pdu, (answer) => say({ answered: answer.command_status }));
});
process.stdin.on("end", () => process.exit(0));
