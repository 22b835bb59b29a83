import PatchbayCore
import PatchbayHost
import Testing

/// What every `Journal` has to do. Each function takes a fresh, empty one.
package enum JournalContract {
    package static let plan = Plan(
        id: "p-1", host: "atlas", change: .prepare([]), title: "Prepare \"a\" / ü", basis: "00",
        steps: [.loadModule("vfio-pci"), .startVM("trainer")])

    /// One line of each kind.
    package static let story: [JournalEntry] = [
        .planned(plan), .begin(plan: "p-1", index: 0), .done(plan: "p-1", index: 0, milliseconds: 12),
        .begin(plan: "p-1", index: 1), .beginUndo(plan: "p-1", index: 1),
        .undone(plan: "p-1", index: 1, milliseconds: 3),
        .ended(plan: "p-1", .stuck(Problem(.planStuck, "It is stuck.", cause: "EBUSY"), left: plan.steps)),
    ]

    package static func aNewOneIsEmpty(_ journal: any Journal) async throws {
        #expect(try await journal.entries() == [])
        #expect(await journal.findings() == [])
    }

    package static func linesComeBackInOrder(_ journal: any Journal) async throws {
        for (count, entry) in story.enumerated() {
            try await journal.append(entry)
            #expect(try await journal.entries() == Array(story[...count]))
        }
    }

    package static func linesFromManyTasksAreAllKept(_ journal: any Journal) async throws {
        await withThrowingTaskGroup { group in
            for index in 0..<50 {
                group.addTask { try await journal.append(.begin(plan: "p-2", index: index)) }
            }
        }
        let indices = try await journal.entries().map { entry in
            if case .begin(_, let index) = entry { index } else { -1 }
        }
        #expect(indices.sorted() == Array(0..<50))
    }
}
