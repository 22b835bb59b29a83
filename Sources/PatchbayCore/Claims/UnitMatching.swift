/// Gives every request as many units as it wants, each unit to one request; finds a way where there is one.
///
/// The lowest free candidate first. Where none is free, requests served before are moved to other candidates: augmenting
/// paths, as in bipartite matching, over requests rather than over single wishes, since all wishes of a request are alike.
struct UnitMatching {
    /// What changes hands as one: a whole IOMMU group, or a function that is in none.
    enum Resource: Hashable {
        case group(IOMMUGroupID)
        case function(PCIAddress)

        init(_ function: PCIFunction) {
            self = function.iommuGroup.map(Resource.group) ?? .function(function.address)
        }
    }

    struct Candidate {
        var resource: Resource
        var primary: PCIAddress
    }

    /// Lowest primary first, a resource once per request.
    private let candidates: [[Candidate]]
    /// Below it no candidate of that request is free; what was taken once is never free again.
    private var firstMaybeFree: [Int]
    private(set) var takenBy: [Resource: Int] = [:]

    init(_ candidates: [[Candidate]]) {
        self.candidates = candidates
        firstMaybeFree = candidates.map { _ in 0 }
    }

    /// - Returns: false when there is no way; what was served before still is.
    mutating func serve(_ request: Int) -> Bool {
        var asked: Set<Int> = []
        return serve(request, asked: &asked)
    }

    private mutating func serve(_ request: Int, asked: inout Set<Int>) -> Bool {
        guard asked.insert(request).inserted else { return false }
        while firstMaybeFree[request] < candidates[request].count {
            let resource = candidates[request][firstMaybeFree[request]].resource
            firstMaybeFree[request] += 1
            guard takenBy[resource] == nil else { continue }
            takenBy[resource] = request
            return true
        }
        for candidate in candidates[request] {
            guard let other = takenBy[candidate.resource], serve(other, asked: &asked) else { continue }
            takenBy[candidate.resource] = request
            return true
        }
        return false
    }

    /// The primaries that serve a request, lowest first.
    func primaries(of request: Int) -> [PCIAddress] {
        candidates[request].filter { takenBy[$0.resource] == request }.map(\.primary)
    }
}
