import PatchbayCore

extension API {
    /// What is to be in force: docs/policy.md. Pools and profiles are whole: what is left out is as in a new one.
    package struct PolicyDraft: WireRequest, Hashable {
        package var pools: [PoolDraft]?
        package var profiles: [ProfileDraft]?
        package var expectations: [Expectation]?
        /// Deletes pools that are not named, where there are any in the draft at all; the same for profiles.
        package var prune: Bool?
        package init(
            pools: [PoolDraft]? = nil, profiles: [ProfileDraft]? = nil, expectations: [Expectation]? = nil,
            prune: Bool? = nil
        ) {
            self.pools = pools
            self.profiles = profiles
            self.expectations = expectations
            self.prune = prune
        }
    }

    package struct Expectation: WireRequest, Hashable {
        /// `gpus matches 4 on atlas`
        package var text: String
        /// Where it stands, for the answer when it does not hold: `gpus.yaml:12`.
        package var place: String?
        package init(text: String, place: String? = nil) {
            self.text = text
            self.place = place
        }
    }

    /// What became of a pool or a profile, or would.
    package struct Difference: Codable, Hashable, Sendable {
        package enum Action: String, Codable, Sendable, CaseIterable { case create, change, delete, unchanged }
        /// `pool` or `profile`
        package var kind: String
        package var name: String
        package var action: Action
        /// Lines of its document in YAML: `- ` those that go, `+ ` those that come, two blanks those around them.
        package var lines: [String]
        package init(kind: String, name: String, action: Action, lines: [String]) {
            self.kind = kind
            self.name = name
            self.action = action
            self.lines = lines
        }
    }

    /// A template of a VM.
    package struct Profile: Codable, Hashable, Sendable {
        package var name: String
        package var description: String
        /// nil, here and below: the profile does not say.
        package var vcpus: Int?
        package var memoryMiB: Int?
        package var pin: PinPolicy?
        /// `2M`, `1G`
        package var hugepages: String?
        package var cells: Int?
        package var requests: [Request]
        /// For `If-Match`.
        package var revision: Int
    }

    package struct ProfileDraft: WireRequest, Hashable {
        package var name: String
        package var description: String?
        package var vcpus: Int?
        package var memoryMiB: Int?
        package var pin: PinPolicy?
        /// `2M`, `1G`
        package var hugepages: String?
        package var cells: Int?
        package var requests: [RequestDraft]?
        package init(
            name: String, description: String? = nil, vcpus: Int? = nil, memoryMiB: Int? = nil, pin: PinPolicy? = nil,
            hugepages: String? = nil, cells: Int? = nil, requests: [RequestDraft]? = nil
        ) {
            self.name = name
            self.description = description
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.pin = pin
            self.hugepages = hugepages
            self.cells = cells
            self.requests = requests
        }
    }
}
