import Testing

@Suite struct `What clients were told of claims` {
    private static let told = ToldClaims(
        held: ["a": ["x", "y"]], waiting: ["w"], gone: ["g"], open: ["o"])

    private static func shown(_ id: String, _ devices: String...) -> ToldClaims.Shown {
        ToldClaims.Shown(id: id, devices: devices)
    }

    private static let waits = ToldClaims.Shown(id: "w", isPending: true)

    @Test(arguments: [
        [shown("a", "x", "y"), waits],
        [shown("a", "x", "y"), shown("w", "z")],
        [shown("a", "x", "y"), waits, shown("o", "z")],
    ])
    func `is so when nothing was lost`(_ claims: [ToldClaims.Shown]) {
        #expect(Self.told.faults(in: claims) == [])
    }

    @Test(arguments: [
        ([waits], "a was granted [\"x\", \"y\"] and is gone"),
        (
            [shown("a", "x"), waits],
            "a was granted [\"x\", \"y\"] and is Shown(id: \"a\", isPending: false, devices: [\"x\"])"
        ),
        ([shown("a", "x", "y")], "w was told to wait and is gone"),
        ([shown("a", "x", "y"), waits, shown("g", "z")], "g was released or refused and is there"),
        ([shown("a", "x", "y"), waits, shown("n", "z")], "nobody asked for n"),
        ([shown("a", "x", "y"), waits, shown("o", "x")], "x is held by a and o"),
        ([shown("a", "x", "y"), waits, shown("o")], "o is served by halves"),
        ([shown("a", "x", "y"), waits, waits], "w is there more than once"),
    ])
    func `is told apart from what was lost, doubled or torn`(_ claims: [ToldClaims.Shown], _ fault: String) {
        #expect(Self.told.faults(in: claims) == [fault])
    }
}
