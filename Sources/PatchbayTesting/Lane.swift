import Testing

/// Suites of one lane run one after the other, beside those of other lanes and those without one.
///
/// For what keeps a processor busy by itself, such as an emulated machine: two lanes of them fill two processors, and none
/// of them waits for all the others.
package struct LaneTrait: SuiteTrait, TestScoping {
    fileprivate let lane: Lane

    package var isRecursive: Bool { false }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard test.isSuite else { return try await function() }
        await lane.enter()
        let result = await Result.of(function)
        await lane.leave()
        try result.get()
    }
}

extension Trait where Self == LaneTrait {
    /// Emulated machines that are not `The emulated lab`, which takes as long as all of these together.
    package static var besideTheLab: LaneTrait { LaneTrait(lane: .besideTheLab) }
}

private actor Lane {
    static let besideTheLab = Lane()

    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        guard isTaken else { return isTaken = true }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// The lane goes to the one that has waited longest.
    func leave() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}

extension Result where Success == Void, Failure == any Error {
    fileprivate static func of(_ body: @Sendable () async throws -> Void) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
