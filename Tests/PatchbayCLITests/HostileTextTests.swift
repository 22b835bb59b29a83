import Foundation
import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayCLI

/// What a host, a guest or a recording can name ends up in front of an operator.
@Suite struct `Names that are orders to a terminal` {
    private static let evil = "a\u{1b}]0;title\u{7}b\u{9b}2Jc\u{202e}d\u{2066}e\u{7f}"
    private static let style = Style(isTerminal: true, isColoured: false, isUTF8: true, width: 80)

    private static func isClean(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 10: true
            case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: false
            default: true
            }
        }
    }

    private static func report() throws -> API.DoctorReport {
        let check: [String: Any] = [
            "code": evil, "title": evil, "verdict": "failure", "reason": evil, "evidence": [evil], "fix": [evil],
        ]
        let report: [String: Any] = [
            "host": evil, "system": [evil, "kernel \(evil)"], "headline": evil, "next": [evil], "verdict": "failure",
            "lendable": 0, "devices": 1, "checks": [check],
        ]
        return try JSONDecoder().decode(
            API.DoctorReport.self, from: try JSONSerialization.data(withJSONObject: report))
    }

    @Test func `do not reach it through the doctor`() throws {
        let report = try Self.report()
        #expect(Self.isClean(DoctorText(report, isFull: true).render(Self.style)))
        let ticket = DoctorTicket(report, groups: [Self.evil], version: "1").text { $0 }
        #expect(Self.isClean(ticket))
    }

    @Test func `do not reach it as labels`() {
        var record = Record(mark: nil, title: Self.evil)
        record.add(Self.evil, Self.evil)
        record.add(Self.evil, heading: [Self.evil])
        #expect(Self.isClean(record.render(Self.style)))
    }

    @Test func `stand escaped in JSON and YAML, as the same text`() throws {
        for text in [
            try JSONText.pretty([Self.evil]), try JSONText.line([Self.evil]), try YAMLText.render([Self.evil]),
        ] {
            #expect(Self.isClean(text))
            #expect(text.contains("\\u009b2Jc\\u202ed\\u2066e\\u007f"))
        }
    }
}
