import Foundation
import PatchbayCore
import PatchbayText
import Testing

@Suite struct `What to do next` {
    private static func again(_ json: String) throws -> NextStep {
        try JSONDecoder().decode(NextStep.self, from: Data(json.utf8))
    }

    private static func stored(_ step: NextStep) throws -> NextStep {
        try JSONDecoder().decode(NextStep.self, from: try JSONEncoder().encode(step))
    }

    @Test func `is read as it was stored`() throws {
        let steps: [NextStep] = [
            "Put the device back.", NextStep("Start it", .startVM("web-01")),
            NextStep("Start it anyway", .startVM("web-01", allowing: .groupChanged)),
            NextStep("Uncordon it, and stop one", [.uncordonHost("atlas"), .stopVM("web-01")]),
        ]
        for step in steps { #expect(try Self.stored(step) == step) }
    }

    @Test func `is text alone where it has no command`() throws {
        #expect(try JSONEncoder().encode(["Reboot." as NextStep]) == Data(#"["Reboot."]"#.utf8))
        #expect(try Self.again(#""Reboot.""#) == "Reboot.")
    }

    @Test func `keeps its sentence where another version knows the command and this one does not`() throws {
        #expect(
            try Self.again(#"{"sentence":"Wash it","commands":[{"washDevice":{"_0":"41:00.0"}}]}"#) == "Wash it")
    }

    @Test func `is one line, with its commands behind it`() {
        #expect(NextStep("Start it", .startVM("web-01")).text == "Start it:  patchbay vm start web-01")
        #expect(NextStep("Put it back.").text == "Put it back.")
        #expect(
            NextStep("Do both", [.uncordonHost("atlas"), .stopVM("web-01")]).text
                == "Do both:  patchbay host set atlas --uncordon && patchbay vm stop web-01")
    }

    @Test func `quotes what a shell would take apart`() {
        let rule = NextStep("Remove it", .removeRule("bob's A100; rm -rf /", pool: "gpus"))
        #expect(rule.text == #"Remove it:  patchbay pool rule remove gpus 'bob'\''s A100; rm -rf /'"#)
    }

    @Test func `has no command left where one is longer than any name`() {
        let long = String(repeating: "x", count: 5000)
        let problem = Problem(.unknownPool, "no", next: [NextStep("Create it", .createPool(long)), NextStep("Or not")])
        #expect(problem.bounded.next == ["Create it", "Or not"])
        let short = Problem(.unknownPool, "no", next: [NextStep("Create it", .createPool("gpus"))])
        #expect(short.bounded == short)
    }
}
