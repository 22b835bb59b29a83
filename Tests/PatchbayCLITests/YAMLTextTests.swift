import Testing

@testable import PatchbayCLI

@Suite struct `Output as YAML` {
    @Test(arguments: [
        "no", "On", "y", "NULL", "true", "1", "1.5", "0x10", "12:30", "2026-01-01", "~", "", "a: b", "#", "<<",
    ])
    func `has quotes around names that a reader takes for something else than text`(_ name: String) throws {
        #expect(try YAMLText.render([name: ["x"]]) == "\"\(name)\":\n  - \"x\"\n")
        #expect(try YAMLText.render([name: "no"]) == "\"\(name)\": \"no\"\n")
    }

    @Test(arguments: ["zone", "example.com/rack", "shut-off", "a:b", "nodeIDs", "x_1"])
    func `has other names as they are`(_ name: String) throws {
        #expect(try YAMLText.render([name: true]) == "\(name): true\n")
    }

    @Test func `has names that no line can hold in one line nevertheless`() throws {
        #expect(try YAMLText.render(["a\n- b\t\"": 1]) == "\"a\\x0a- b\\x09\\\"\": 1\n")
    }
}
