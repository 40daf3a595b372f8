// Starts Swagger UI; a file of its own because no page here runs inline script.
window.addEventListener("load", () => {
  SwaggerUIBundle({
    url: document.body.dataset.openapi,
    dom_id: "#swagger",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
  });
});
