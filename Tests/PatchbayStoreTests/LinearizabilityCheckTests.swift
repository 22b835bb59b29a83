import PatchbayTesting
import Testing

/// The check has to find what is wrong before it may say that something is right.
@Suite struct `The linearizability check` {
    private typealias Operation = ClaimHistory.Operation

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var operations: [ClaimHistory.Operation]
        /// The number of the operation that nothing explains; nil: all is right.
        var wrong: Int?

        init(_ name: String, wrong: Int? = nil, _ operations: [ClaimHistory.Operation]) {
            testDescription = name
            self.operations = operations
            self.wrong = wrong
        }
    }

    static let right = [
        Case("nothing happened", []),
        Case(
            "one after the other",
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(1, .release("a"), .done, from: 3, to: 4),
                Operation(2, .claim("b", devices: ["gpu"]), .done, from: 5, to: 6),
            ]),
        Case(
            "a claim that began before the release of the holder ended",
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(2, .claim("b", devices: ["gpu"]), .done, from: 3, to: 6),
                Operation(1, .release("a"), .done, from: 4, to: 7),
            ]),
        Case(
            "refused by a claim whose answer came later",
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 6),
                Operation(2, .claim("b", devices: ["gpu", "nic"]), .refused, from: 2, to: 5),
            ]),
        Case(
            "refused by one that never heard its answer",
            [
                Operation(1, .claim("a", devices: ["gpu"]), .unknown, from: 1, to: 9),
                Operation(2, .claim("b", devices: ["gpu"]), .refused, from: 2, to: 3),
                Operation(3, .look, .saw(["gpu": "a"]), from: 10, to: 11),
            ]),
        Case(
            "never heard and never done",
            [
                Operation(1, .claim("a", devices: ["gpu"]), .unknown, from: 1, to: 9),
                Operation(3, .look, .saw([:]), from: 10, to: 11),
                Operation(2, .claim("b", devices: ["gpu"]), .done, from: 12, to: 13),
            ]),
        Case(
            "asked again after a crash",
            [
                Operation(1, .claim("a", devices: ["gpu"]), .unknown, from: 1, to: 2),
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 3, to: 4),
                Operation(1, .release("a"), .unknown, from: 5, to: 6),
                Operation(1, .release("a"), .refused, from: 7, to: 8),
            ]),
        Case(
            "two at once that want the same two, in another order",
            [
                Operation(1, .claim("a", devices: ["gpu", "nic"]), .done, from: 1, to: 5),
                Operation(2, .claim("b", devices: ["nic", "gpu"]), .done, from: 2, to: 8),
                Operation(1, .release("a"), .done, from: 6, to: 7),
            ]),
    ]

    static let wrong = [
        Case(
            "two holders", wrong: 1,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(2, .claim("b", devices: ["gpu"]), .done, from: 3, to: 4),
            ]),
        Case(
            "two holders of claims that ran at once", wrong: 1,
            [
                Operation(1, .claim("a", devices: ["gpu", "nic"]), .done, from: 1, to: 3),
                Operation(2, .claim("b", devices: ["nic", "disk"]), .done, from: 2, to: 4),
            ]),
        Case(
            "a granted claim that a crash lost", wrong: 2,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(2, .claim("b", devices: ["nic"]), .unknown, from: 3, to: 4),
                Operation(3, .look, .saw([:]), from: 5, to: 6),
            ]),
        Case(
            "half of a granted claim lost", wrong: 1,
            [
                Operation(1, .claim("a", devices: ["gpu", "nic"]), .done, from: 1, to: 2),
                Operation(3, .look, .saw(["gpu": "a"]), from: 5, to: 6),
            ]),
        Case(
            "a release that a crash lost", wrong: 2,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(1, .release("a"), .done, from: 3, to: 4),
                Operation(3, .look, .saw(["gpu": "a"]), from: 5, to: 6),
            ]),
        Case(
            "refused though nobody had it", wrong: 0,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .refused, from: 1, to: 2)
            ]),
        Case(
            "refused after the last holder was gone", wrong: 2,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(1, .release("a"), .done, from: 3, to: 4),
                Operation(2, .claim("b", devices: ["gpu"]), .refused, from: 5, to: 6),
            ]),
        Case(
            "refused because of another device's holder", wrong: 1,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(2, .claim("b", devices: ["nic"]), .refused, from: 3, to: 4),
            ]),
        Case(
            "done after the crash in which it died", wrong: 2,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .unknown, from: 1, to: 2),
                Operation(2, .look, .saw([:]), from: 3, to: 4),
                Operation(2, .look, .saw(["gpu": "a"]), from: 5, to: 6),
            ]),
        Case(
            "a release of what is held refused", wrong: 1,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(1, .release("a"), .refused, from: 3, to: 4),
            ]),
        Case(
            "released twice", wrong: 2,
            [
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(1, .release("a"), .done, from: 3, to: 4),
                Operation(1, .release("a"), .done, from: 5, to: 6),
            ]),
        Case("seen by nobody's claim", wrong: 0, [Operation(1, .look, .saw(["gpu": "ghost"]), from: 1, to: 2)]),
    ]

    @Test(arguments: right) func `accepts what one order explains`(_ example: Case) {
        #expect(LinearizabilityCheck.violation(in: ClaimHistory(example.operations)) == nil)
    }

    @Test(arguments: wrong) func `finds what no order explains`(_ example: Case) throws {
        let found = try #require(LinearizabilityCheck.violation(in: ClaimHistory(example.operations)))
        #expect(found.operation == example.wrong.map { example.operations[$0] })
    }

    @Test func `says who may have held what`() {
        let found = LinearizabilityCheck.violation(
            in: ClaimHistory([
                Operation(1, .claim("a", devices: ["gpu"]), .done, from: 1, to: 2),
                Operation(2, .claim("b", devices: ["gpu"]), .done, from: 3, to: 4),
            ]))
        #expect(
            found?.description
                == "Nothing explains client 2's claim b of gpu (3 to 4): done. Before its end: gpu was held by a.")
    }

    /// Many at once that nobody was told of: every subset may have happened, and the search must not try each.
    @Test(.timeLimit(.minutes(10))) func `ends when many answers are lost`() {
        var operations = (0..<40).map {
            Operation(
                $0, .claim("c\($0)", devices: ["gpu-\($0 % 4)", "gpu-\(($0 + 1) % 4)"]), .unknown, from: $0,
                to: 100 + $0)
        }
        operations.append(Operation(50, .look, .saw(["gpu-0": "c4", "gpu-1": "c4"]), from: 200, to: 201))
        #expect(LinearizabilityCheck.violation(in: ClaimHistory(operations)) == nil)
    }
}
