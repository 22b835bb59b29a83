import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `What if at the command line` {
    private static let pages: [[String]] = [
        ["whatif"], ["whatif", "--host-gone", "atlas"],
        ["whatif", "--drain", "atlas", "--pool", "a100", "--cpus", "8", "--memory", "32768", "--vms", "20"],
        ["whatif", "--pool", "a100"],
    ]

    @Test func `is told in 80 columns`() async throws {
        var session = Session(isTerminal: true).plain
        session.width = 80
        try await Transcript.expect("whatif-terminal", session, Self.pages)
        for page in Self.pages {
            let lines = await session.run(page).output.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= 80 || $0.contains("patchbay ") }, "\(page)")
        }
        session.environment["LANG"] = "C"
        for page in Self.pages {
            let outcome = await session.run(page)
            #expect((outcome.output + outcome.talk).allSatisfy { $0.isASCII }, "\(page)")
        }
    }

    @Test func `is told in every form`() async throws {
        try await Transcript.expect(
            "whatif-forms", Session(), Self.pages + [Self.pages[1] + ["-q"], Self.pages[3] + ["-o", "yaml"]])
    }

    @Test func `asks for all changes in the order of the options`() async throws {
        let session = Session()
        _ = await session.run([
            "whatif", "--drain", "borealis", "--host-gone", "atlas", "--device-gone", "atlas/41:00.0",
            "--join-groups", "atlas/42:00.0,atlas/43:00.0", "--split-group", "atlas/44:00.0",
        ])
        let question = try #require(await session.service.questions.first)
        #expect(
            question.changes == [
                API.ScenarioChange(hostGone: "atlas"), API.ScenarioChange(drain: "borealis"),
                API.ScenarioChange(deviceGone: "atlas/41:00.0"),
                API.ScenarioChange(joinGroups: ["atlas/42:00.0", "atlas/43:00.0"]),
                API.ScenarioChange(splitGroup: "atlas/44:00.0"),
            ])
        #expect(question.guest == nil)
    }

    @Test func `refuses what cannot be asked`() async {
        for words in [["--vms", "3"], ["--vms", "-1"], ["--cpus", "0"], ["--count", "2"], ["--device-gone", "x"]] {
            let outcome = await Session().run(["whatif"] + words)
            #expect(outcome.status != 0, "\(words)")
            #expect(outcome.output.isEmpty)
        }
    }
}
