import Foundation
import Testing

/// Says which requirements a test shows: `@Test(.requirements("V16", "N57"))`.
///
/// When `PATCHBAY_REQUIREMENTS_LOG` names a file, every run of the test adds one line to it: the ids, a tab, the test.
/// `make requirements` joins that file with the list of all ids and with the tests that failed.
package struct RequirementsTrait: TestTrait, SuiteTrait, TestScoping {
    let ids: [String]

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await function()
        guard let path = ProcessInfo.processInfo.environment["PATCHBAY_REQUIREMENTS_LOG"] else { return }
        let line = "\(ids.joined(separator: ","))\t\(test.id)\n"
        guard let file = fopen(path, "a") else { return }
        fputs(line, file)
        fclose(file)
    }
}

extension Trait where Self == RequirementsTrait {
    /// The ids of `requirements.md` that this test really demonstrates.
    package static func requirements(_ ids: String...) -> RequirementsTrait { RequirementsTrait(ids: ids) }
}
