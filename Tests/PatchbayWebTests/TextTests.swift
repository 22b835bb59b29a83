import PatchbayAPI
import PatchbayText
import Testing

@testable import PatchbayWeb

@Suite struct `Texts and forms` {
    @Test func `moments are said in words and exactly`() {
        let moment = Moment(Demo.now - 185_000, now: Demo.now)
        #expect(moment.ago == "3 min ago")
        #expect(moment.iso == "2026-11-21T13:59:06Z" || moment.iso.hasPrefix("2026-"))
        #expect(Moment(0, now: 0).exact == "1970-01-01 00:00:00 UTC")
        #expect(Moment(951_782_400_000, now: 951_782_400_000).iso == "2000-02-29T00:00:00Z")
        #expect(Moment(1_735_689_599_000, now: 1_735_689_599_000).iso == "2024-12-31T23:59:59Z")
    }

    @Test(arguments: [(1_500, "just now"), (4_000, "4 s ago"), (7_200_000, "2 h ago"), (259_200_000, "3 days ago")])
    func `ages are in the unit that fits`(age: Int, words: String) {
        #expect(Moment(Demo.now - age, now: Demo.now).ago == words)
    }

    @Test(
        arguments: [
            (512, "512 B"), (16_777_216, "16 MiB"), (1_610_612_736, "1.5 GiB"), (85_899_345_920, "80 GiB"),
        ] as [(UInt64, String)])
    func `sizes are in the unit that fits`(bytes: UInt64, words: String) {
        #expect(SizeWords.bytes(bytes) == words)
    }

    @Test(arguments: ["a b&c=d", "ä→✕", "100%", "+", "atlas/0000:41:00.0", ""])
    func `what is encoded decodes to itself`(text: String) {
        #expect(Percent.decode(Percent.encode(text)) == text)
        #expect(FormFields(encoded: FormFields(["x": text]).encoded).raw("x") == text)
    }

    @Test(arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%+1", "% 1"), ("a+b", "a b"), ("%41%", "A%")])
    func `a malformed escape stays as it is`(encoded: String, text: String) {
        #expect(FormFields(encoded: "x=\(encoded)").raw("x") == text)
    }

    @Test func `fields keep their order and may repeat`() {
        let fields = FormFields(encoded: "device=a&device=b&empty=&flag")
        #expect(fields.all("device") == ["a", "b"])
        #expect(fields["empty"] == nil)
        #expect(fields.raw("flag") == "")
        #expect(fields.without(["device"]).fields.count == 2)
    }

    @Test(arguments: ["", "0", "257", "1.5", "one", "-1"])
    func `a count that is none is refused by name`(text: String) {
        #expect(throws: (any Error).self) {
            guard try FormFields(["count": text]).number("count", "The count", in: 1...256) != nil else {
                throw CancellationError()
            }
        }
    }

    @Test(arguments: [
        ("a\u{1B}[1;31mb\u{1B}[0mc", "abc"), ("a\u{1B}]0;title\u{07}b", "ab"), ("a\u{1B}(Bb", "ab"),
        ("a\u{1B}cb", "ab"),
        ("a\r\nb\u{08}\tc", "a\nb\tc"), ("a\u{1B}[", "a"), ("a\u{1B}", "a"), ("ä→", "ä→"), ("\u{1B}[2J\u{1B}[Hx", "x"),
    ])
    func `a console's text is without what only a terminal can do`(output: String, text: String) {
        #expect(TerminalText.plain(Array(output.utf8)) == text)
    }

    @Test func `escaping goes by scalar, so a combining mark hides no quote`() {
        #expect(HTMLText().escapeText("\"\u{301}<\u{301}&'>") == "&quot;\u{301}&lt;\u{301}&amp;&#39;&gt;")
    }

    @Test func `links encode every part`() {
        #expect(Link.vm("a/b c?") == "/vms/a%2Fb%20c%3F")
        #expect(Link.device(id: "atlas/0000:41:00.0") == "/devices/atlas/0000:41:00.0")
        #expect(Link.subject("plan p-7f31") == "/plans/p-7f31")
        #expect(Link.subject("device atlas/41:00.0") == "/devices/atlas/41:00.0")
        #expect(Link.subject("binding atlas/41:00.0") == nil)
    }
}
