import HTTPTypes
import PatchbayAPI

extension HTTPField.Name {
    /// Which console a stream is of, and where to send what is typed.
    static let consoleSession = HTTPField.Name(known: "patchbay-session")
    static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")
    /// The form token, from scripts that call `/v1` with the browser's session.
    static let formToken = HTTPField.Name(known: "patchbay-form")
    /// Where a browser says that a request comes from: `same-origin`, `same-site`, `cross-site`, `none`.
    static let secFetchSite = HTTPField.Name(known: "Sec-Fetch-Site")

    static let agentID = HTTPField.Name(known: AgentIdentity.idHeader)
    static let agentMachine = HTTPField.Name(known: AgentIdentity.machineHeader)

    private init(known name: String) {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\"\(name)\" is not a valid field name.") }
        self = field
    }
}
