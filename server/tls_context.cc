#include "server/tls_context.h"

namespace server {

using schema::fail;
using schema::Fault;

schema::Result<void> prepare_to_serve(boost::asio::ssl::context& tls, const std::string& certificate,
                                      const std::string& key) {
    auto* native = tls.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
    SSL_CTX_set_num_tickets(native, 0);  // nothing is resumed: a session is a token
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    boost::system::error_code error;
    tls.use_certificate_chain_file(certificate, error);
    if (error) return fail(Fault::io, certificate, "is no certificate that can be read: " + error.message());
    tls.use_private_key_file(key, boost::asio::ssl::context::pem, error);
    if (error) return fail(Fault::io, key, "is no key of that certificate: " + error.message());
    return {};
}

}  // namespace server
