import PatchbayCore
import PatchbayLab
import PatchbayText
import Testing

@Suite struct `What a lab tells to do next` {
    @Test(arguments: [
        ("/srv/lab-2", "patchbay lab up --state /srv/lab-2"),
        ("/srv/Ada's lab", #"patchbay lab up --state '/srv/Ada'\''s lab'"#),
    ])
    func `leads to the lab itself where it is not the default one`(_ directory: String, _ line: String) throws {
        let problem = #expect(throws: Problem.self) { try Lab(directory: directory).host(nil) }
        #expect(problem?.next.lines.first == line)
    }

    @Test func `is short where it is the default one`() {
        #expect(Lab().command("down") == "patchbay lab down")
        #expect(Lab().command("run", "lspci") == "patchbay lab run lspci")
    }
}
