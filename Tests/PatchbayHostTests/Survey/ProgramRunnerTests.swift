import Testing

@testable import PatchbayHost

@Suite struct `Asking a program` {
    @Test func `gives what it prints`() {
        #expect(ProgramRunner.live().output("echo", "one", "two words") == "one two words\n")
    }

    @Test func `gives nothing when it fails, is not there, or prints without end`() {
        #expect(ProgramRunner.live().output("false") == nil)
        #expect(ProgramRunner.live().output("no-such-program-at-all") == nil)
        #expect(ProgramRunner.live().output("yes") == nil)
    }

    @Test func `does not wait for one that does not answer`() {
        #expect(ProgramRunner.live(seconds: 0).output("sleep", "600") == nil)
    }

    @Test func `a recorded tree has none`() { #expect(ProgramRunner.none.output("echo", "x") == nil) }
}
