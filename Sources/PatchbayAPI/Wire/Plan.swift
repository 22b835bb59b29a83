import PatchbayCore

extension API {
    package struct Plan: Codable, Hashable, Sendable {
        package var id: String
        package var host: String
        package var title: String
        /// queued, running, undoing, applied, rolled-back, stuck; `planned` in the answer to a dry run.
        package var phase: String
        package var isOver: Bool
        /// In the answer about one plan: what `undo` would say now.
        package var canBeUndone: Bool
        /// What `retry` would say now; absent: no. Only in the answer about one plan.
        package var canBeRetried: Bool?
        /// `resolve` would take it, where its host is lost with `host-lost` allowed; absent: no. Only in the answer about one
        /// plan.
        package var canBeResolved: Bool?
        package var basis: String
        package var steps: [Step]
        package var findings: [Finding]
        package var actor: String
        package var createdAt: Int
        package var endedAt: Int?
        /// Why it was rolled back or is stuck.
        package var problem: Problem?
        /// What still stands when it is stuck.
        package var stepsLeft: [Step]
        package var undoneBy: String?
        /// What it waits for, in a sentence; absent: for nothing, or it is over.
        package var waitsFor: String?
        /// Who cancelled it while it was under way.
        package var cancelledBy: String?
        /// Who looked after what it left behind, and why that counts.
        package var resolution: Resolution?
        /// Risks that somebody took for it.
        package var allowed: [Allowance]?
        /// The VM that its steps are about.
        package var vm: String?
        /// Devices that its steps are about: `atlas/0000:41:00.0`.
        package var devices: [String]?

        package struct Resolution: Codable, Hashable, Sendable {
            package var actor: String
            package var reason: String
            package var at: Int
        }

        package struct Allowance: Codable, Hashable, Sendable {
            package var code: String
            package var reason: String
            package var actor: String
            package var at: Int
        }
    }

    package struct Step: Codable, Hashable, Sendable {
        /// From 1.
        package var number: Int
        package var verb: String
        package var object: String
        package var remark: String
        /// waiting, running, done, failed, undone
        package var status: String
        package var milliseconds: Int?
        package var problem: Problem?
        /// Since when it is under way; absent: it is not.
        package var startedAt: Int?
    }

    /// `application/problem+json` (RFC 9457) with our code and next steps.
    package struct Problem: Codable, Hashable, Sendable, Error {
        /// `urn:patchbay:problem:group-not-isolated`
        package var type: String
        package var title: String
        package var status: Int
        package var code: String
        package var detail: String
        package var evidence: [String]
        package var next: [String]
        package var cause: String?
    }

    /// The answer to every mutation, done or only tried (`dryRun`).
    package struct Change: Codable, Hashable, Sendable {
        package var dryRun: Bool
        /// One sentence: what was done, or what would be.
        package var message: String
        /// What it is about: `pool gpus`, `vm trainer-01`.
        package var subject: String
        /// Plans that were queued, or would be.
        package var plans: [Plan]
        package var findings: [Finding]
        /// The claim as it is now, or would be; nil: it is about none.
        package var claim: Claim?
        /// What became of pools and profiles, or would; nil: it is about no policy.
        package var differences: [Difference]?
    }

    package struct Event: Codable, Hashable, Sendable {
        /// The store's revision; grows, may have gaps.
        package var id: Int
        /// `plan.started`, `pool.created`, `device.changed`
        package var kind: String
        /// `plan p-7f31`, `device atlas/0000:41:00.0`
        package var subject: String
        /// Empty for changes that only say "look again".
        package var sentence: String
        package var actor: String?
        package var at: Int?
    }
}
